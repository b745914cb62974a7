// What the pages do by themselves: open the source that a [n] points to, copy an answer, speak to screen readers.
(() => {
  // A live region of our own, outside what Gradio redraws: it says what the status lines say, and nothing else.
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

  // What our own line says: beside it in the same block, Gradio writes the state of its queue.
  const words = (id) => document.querySelector(`#${id} .html-container`)?.textContent.trim() ?? "";

  // The panel of the organisation's own documents: Gradio's accordion does not say whether it is open, and who works by
  // keyboard is taken to the confirmation, on what changes nothing.
  const tendPanel = () => {
    const fold = document.querySelector("#own > .label-wrap");
    fold?.setAttribute("aria-expanded", fold.classList.contains("open"));
    fold?.querySelector(".icon")?.setAttribute("aria-hidden", "true");
    const no = document.getElementById("own-no");
    if (!no || no.hasAttribute("aria-describedby")) return;
    for (const button of [no, document.getElementById("own-yes")]) button.setAttribute("aria-describedby", "own-status");
    no.focus();
  };

  document.addEventListener("click", (event) => {
    const target = event.target.closest("a.cite, a.skip, button.copy, #own-yes, #own-no");
    if (!target) return;
    // These two go away: who works by keyboard must not be left nowhere.
    if (target.matches("#own-yes, #own-no")) return void document.querySelector("#own button").focus();
    if (target.matches(".copy")) return void copy(target);
    event.preventDefault();
    if (target.matches(".cite")) openSource(target);
    else document.querySelector("#question textarea").focus();
  });

  const watch = () => {
    const region = Object.assign(document.createElement("div"), { id: "spoken", className: "unseen" });
    region.setAttribute("role", "status");
    document.body.append(region);
    const said = {};
    let turns = 0;
    new MutationObserver(() => {
      for (const id of ["status", "own-status"]) {
        if (words(id) !== (said[id] ?? "")) speak(said[id] = words(id));
      }
      const articles = document.querySelectorAll("article.turn");
      if (articles.length > turns && turns) articles[articles.length - 1].scrollIntoView({ block: "start" });
      turns = articles.length;
      tendPanel();
    }).observe(document.querySelector("gradio-app"), { childList: true, characterData: true, subtree: true, attributeFilter: ["class"] });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
  else watch();
})();
