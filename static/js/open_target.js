// Opens the disclosure that an address inside the page points to, or into. Browsers that do it themselves lose nothing.
"use strict";

function openTarget() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let place = target; place; place = place.parentElement) {
    if (place.matches("details")) place.open = true;
  }
  target.scrollIntoView();
}

window.addEventListener("hashchange", openTarget);
document.addEventListener("DOMContentLoaded", openTarget);
