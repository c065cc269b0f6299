// Words with a fixed meaning: their links become buttons that open the meaning in place, where the browser can.
"use strict";

const GAP = 6; // pixels between a word and its meaning

function explain(link) {
  const meaning = document.getElementById(link.dataset.term);
  if (!meaning || link.closest("fieldset:disabled")) return; // who only reads keeps the link there
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = link.textContent;
  button.popoverTargetElement = meaning;
  button.setAttribute("aria-haspopup", "dialog");
  button.addEventListener("click", () => (meaning.opener = button));
  link.replaceWith(button);
}

// Under the word, or above it where there is no room; never out of the window.
function place(meaning) {
  const word = meaning.opener.getBoundingClientRect();
  const size = meaning.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(word.left, innerWidth - size.width - GAP));
  const below = word.bottom + GAP;
  meaning.style.left = `${left}px`;
  meaning.style.top = `${below + size.height > innerHeight ? Math.max(GAP, word.top - GAP - size.height) : below}px`;
}

if ("popover" in HTMLElement.prototype) {
  document.querySelectorAll("a[data-term]").forEach(explain);
  document.querySelectorAll(".term-pop").forEach((meaning) => {
    meaning.addEventListener("toggle", () => meaning.matches(":popover-open") && meaning.opener && place(meaning));
  });
} else {
  document.querySelectorAll(".term-pop").forEach((meaning) => meaning.remove());
}
