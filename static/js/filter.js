// Finds codes to tick by any word of theirs. Without this file the whole list stands there, under its headings.
"use strict";

document.querySelectorAll("[data-filter]").forEach((line) => {
  const box = line.querySelector("input");
  const said = line.querySelector("[data-none]");
  const list = line.parentElement;
  line.hidden = false;

  box.addEventListener("input", (event) => {
    event.stopPropagation(); // it is no field of the draft: nothing is saved
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    list.querySelectorAll("label.form-check").forEach((code) => {
      const heading = code.closest("[role=group]").getAttribute("aria-label") ?? "";
      const text = `${heading} ${code.textContent}`.toLowerCase();
      code.hidden = !words.every((word) => text.includes(word));
      shown += code.hidden ? 0 : 1;
    });
    list.querySelectorAll(".ed-code-group").forEach((group) => {
      group.hidden = !group.querySelector("label.form-check:not([hidden])");
    });
    said.textContent = shown ? "" : said.dataset.none;
  });
  box.addEventListener("change", (event) => event.stopPropagation());
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
});
