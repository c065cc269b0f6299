// How long ago an answer was changed: kept right while the page is open, by the server's clock where it is known.
"use strict";

const UNITS = [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]];

function showAges() {
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
  const now = typeof saving === "object" && saving ? saving.session.now() : new Date();
  for (const time of document.querySelectorAll("time[data-ago]")) {
    const passed = now - new Date(time.dateTime);
    const unit = UNITS.find(([, length]) => passed >= length);
    if (unit) time.textContent = words.format(-Math.floor(passed / unit[1]), unit[0]);
  }
}

setInterval(showAges, 30_000);
