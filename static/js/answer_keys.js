// Single keys: 0 to 5 choose, n and p move, e evidence, c comment, f flag, ? shows them all. Off while typing, in a
// dialog, and where the person's switch is off. Arrow keys stay as browsers have them.
"use strict";

const TYPING = "textarea, select, input:not([type=radio]):not([type=checkbox])";

function watchKeys(root) {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
  });
  if (root.dataset.singleKeys === undefined) return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || event.target.matches(TYPING)) return;
    if (document.querySelector("dialog[open]")) return;
    const forms = [...document.querySelectorAll("form.answer")];
    const here = event.target.closest("form.answer") ?? document.querySelector("form.answer:target") ?? forms[0];
    if (press(event.key.toLowerCase(), here, forms)) event.preventDefault();
  });
}

function press(key, form, forms) {
  const find = (selector) => form.querySelector(selector);
  const use = (control, deed) => {
    control?.focus();
    if (control && deed === "click") control.click();
    return Boolean(control);
  };
  if (key === "?") return document.getElementById("keys").showModal(), true;
  if (!form) return key === "n" ? follow(document.querySelector("a[data-go=on]")) : false;
  if (/^[0-5]$/.test(key)) return use(find(`input[name=reply][value="${key}"]`), "click");
  if (key === "e") return use(find("select[name=grade]") ?? find("input[name=grade]:checked") ?? find("input[name=grade]"));
  if (key === "f") return use(find("input[name=flagged]"), "click");
  if (key === "c") return use(find("textarea[name=comment]")) || follow(find("a[data-go=question]"), `#${form.dataset.question}_comment`);
  if (key === "n") return follow(document.querySelector("a[data-go=next]")) || step(form, forms, 1) || follow(document.querySelector("a[data-go=on]"));
  if (key === "p") return follow(document.querySelector("a[data-go=previous]")) || step(form, forms, -1) || follow(document.querySelector("a[data-go=back]"));
  return false;
}

// Clicks, so that what waits is saved before the page is left.
function follow(link, hash = "") {
  if (!link) return false;
  if (hash) link.hash = hash;
  link.click();
  return true;
}

function step(form, forms, by) {
  const next = forms[forms.indexOf(form) + by];
  next?.scrollIntoView({ block: "center" });
  (next?.querySelector("input[name=reply]:checked") ?? next?.querySelector("input[name=reply]"))?.focus();
  return Boolean(next);
}
