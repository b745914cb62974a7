"""The packaged encoder, adapted to the questions of the knowledge base: trained, cut to French and English, written back."""
