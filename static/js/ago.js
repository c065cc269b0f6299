// How long ago an answer was changed: kept right while the page is open. The server says how long it was when it made
// the words; this clock, which may be wrong, only adds what has passed since they came.
"use strict";

const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];
const LONG_AGO = 7 * 86_400_000; // the server's words for this stay right for as long as a page is open
const came = new WeakMap(); // when this page got the words, by its own clock

function showAges() {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
  for (const time of document.querySelectorAll("time[data-ago]")) {
    if (!came.has(time)) {
      came.set(time, Date.now());
      continue;
    }
    const passed = new Date(time.dataset.ago) - new Date(time.dateTime) + Date.now() - came.get(time);
    const unit = UNITS.find(([, length]) => passed >= length);
    if (unit && passed < LONG_AGO) time.textContent = words.format(-Math.floor(passed / unit[1]), unit[0]);
  }
}

showAges();
setInterval(showAges, 30_000);
