// What the pages do by themselves: open the source that a [n] points to, copy an answer, speak to screen readers.
(() => {
  // A live region of our own, outside what Gradio redraws: it says what the status line says, and nothing else.
  const speak = (words) => {
    const region = document.getElementById("spoken");
    if (region && region.textContent !== words) region.textContent = words;
  };

  const openSource = (link) => {
    const source = document.getElementById(link.getAttribute("href").slice(1));
    if (!source) return;
    for (let fold = source; fold; fold = fold.parentElement?.closest("details")) fold.open = true;
    document.querySelectorAll(".source.current").forEach((other) => other.classList.remove("current"));
    source.classList.add("current");
    // Beside the conversation, the panel scrolls by itself and the page stays where it is.
    const panel = document.getElementById("panel");
    if (getComputedStyle(panel).overflowY === "auto")
      panel.scrollTop += source.getBoundingClientRect().top - panel.getBoundingClientRect().top - 8;
    else source.scrollIntoView({ block: "start" });
    source.querySelector("summary").focus({ preventScroll: true });
  };

  const copy = async (button) => {
    const words = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      // Only this machine's own pages may use the clipboard directly; elsewhere the old way still works.
      const area = Object.assign(document.createElement("textarea"), { value: words });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const label = button.textContent;
    button.textContent = button.dataset.done;
    speak(button.dataset.done);
    setTimeout(() => { button.textContent = label; speak(""); }, 2000);
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a.cite, a.skip, button.copy");
    if (!target) return;
    if (target.matches(".copy")) return void copy(target);
    event.preventDefault();
    if (target.matches(".cite")) openSource(target);
    else document.querySelector("#question textarea").focus();
  });

  const watch = () => {
    const region = Object.assign(document.createElement("div"), { id: "spoken", className: "unseen" });
    region.setAttribute("role", "status");
    document.body.append(region);
    let turns = 0, said = "";
    new MutationObserver(() => {
      const status = document.getElementById("status")?.textContent.trim() ?? "";
      if (status !== said) speak(said = status);
      const articles = document.querySelectorAll("article.turn");
      if (articles.length > turns && turns) articles[articles.length - 1].scrollIntoView({ block: "start" });
      turns = articles.length;
    }).observe(document.querySelector("gradio-app"), { childList: true, characterData: true, subtree: true });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
  else watch();
})();
