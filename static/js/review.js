// Choosing an anchor chooses to set a level; counts of characters follow what is typed. Without this file both are chosen by hand.
"use strict";

const LIMIT = 4000;

document.querySelectorAll(".review-form [name=level]").forEach((level) => {
  level.addEventListener("change", () => {
    level.form.querySelector("[name=decision][value=set]").checked = true;
  });
});

document.querySelectorAll("textarea[data-counted]").forEach((words) => {
  const line = document.getElementById(`${words.id}_count`);
  words.addEventListener("input", () => {
    const length = [...words.value].length;
    line.firstElementChild.textContent = length.toLocaleString("en");
    line.classList.toggle("over", length > LIMIT);
  });
});
