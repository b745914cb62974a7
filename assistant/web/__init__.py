"""The pages of the assistant. Gradio reads this variable when it is imported, so that no page can forget it."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
