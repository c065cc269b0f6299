// On every page of who is signed in: sends what waits in this browser, and asks before a sign-out would lose it.
"use strict";

const LAST_MOMENT = 8000; // milliseconds that sending has before a sign-out asks
const LEAVE_AFTER = 4000; // where what waits is on the page alone
const LEAVE_KEPT_AFTER = 1500;
const ASK_AGAIN = 5000;
const PRESSED = 1000;

class Saving {
  constructor(root) {
    this.root = root;
    this.session = new Session(root);
    this.vault = new Vault();
    this.queue = new Queue(this.session, this.vault, this);
    this.bar = new SaveBar(root, this.session, this.queue);
    this.savers = []; // the forms of answers on this page
    this.isPressed = false; // a mouse button or a finger is down
    this.isOpening = false; // the keys are on their way: what is typed cannot be kept yet
    this.session.whenBack = () => this.opened();
    this.session.whenOther = () => this.left();
  }

  async start() {
    if (this.savers.length || (await this.vault.isUsed())) await this.unlock();
    this.queue.channel?.postMessage("signed in");
  }

  async unlock() {
    this.isOpening = true;
    const who = await this.session.ask();
    if (who === "same") await this.opened();
    this.isOpening = false;
    if (who === "other") return this.left();
    if (who === "out" && this.savers.length) return this.queue.signOut();
    if (who === "away") setTimeout(() => this.unlock(), ASK_AGAIN);
    return null;
  }

  // The person is the one that this page was made for, and the keys are here.
  async opened() {
    if (!this.vault.isOpen) await this.vault.open(this.session.user, this.session.keys, this.session.now());
    this.queue.setRight(this.session.ahead);
    this.queue.entries.filter((entry) => !entry.isKept).forEach((entry) => this.queue.keep(entry));
    await this.queue.lookAround();
  }

  // Somebody else is signed in: what waits is dropped, unread, and the page is loaded as theirs.
  left() {
    this.queue.close();
    location.reload();
  }

  // What comes to a page between the two halves of a click moves what is clicked, and the click is lost.
  async still() {
    const end = performance.now() + PRESSED;
    while (this.isPressed && performance.now() < end) await new Promise((done) => setTimeout(done, 20));
  }

  // --- What the queue tells --------------------------------------------------------------------------------------

  changed() {
    if (!this.queue.isClosed) this.bar.show();
    this.savers.forEach((saver) => saver.show());
  }

  saved(entry, parts, moment) {
    this.bar.lastSaved = moment;
    this.bar.isMerged = false;
    this.bar.isCutOff = false;
    const moved = parts.querySelector("[data-announce]")?.textContent ?? ""; // before the parts go into the page
    const effect = `${moved} ${newIn(parts, "against")}`.trim();
    if (entry.saver) entry.saver.saved(entry, parts);
    else if (this.counts || this.savers.some((saver) => saver.key === entry.key)) this.refresh();
    if (entry.saver) this.bar.speakSaved(effect);
  }

  refused(entry, parts) {
    this.bar.isMerged = false; // an earlier save is no news any more
    entry.isClosed = parts.querySelector("[data-submitted], [data-closed]") !== null;
    entry.isContested = parts.querySelector("[data-conflict], [data-contested]") !== null;
    entry.faults = [...parts.querySelectorAll(".err span")].map((fault) => fault.textContent.trim());
    entry.saver?.refused(entry, parts);
    this.changed();
  }

  // An entry whose page is gone: the same form on this page takes it up.
  taken(entry) {
    this.savers.find((saver) => saver.takes(entry))?.take(entry);
  }

  signedOut() {
    this.changed();
  }

  // Whether this page counts what is answered, and takes no words itself.
  get counts() {
    return document.querySelector("[data-counts]") !== null;
  }

  // What this page shows is older than what was just saved; it is loaded anew unless somebody types in it, and where
  // it only counts, once all is saved.
  async refresh() {
    await this.queue.written();
    const isFree = this.queue.entries.every((entry) => !entry.saver);
    if (isFree && !(this.counts && this.queue.count)) location.reload();
  }

  // --- Without a connection ---------------------------------------------------------------------------------------

  // Whether nothing of the service can be reached: a busy or slow one has pages that say so themselves.
  async isCutOff() {
    if (navigator.onLine && this.queue.trouble !== "away") return false;
    const late = new Promise((done) => setTimeout(() => done("late"), LEAVE_AFTER));
    return (await Promise.race([this.session.ask(), late])) === "away";
  }

  async look() {
    if (this.bar.isCutOff && (await this.session.ask()) !== "away") this.bar.reached();
  }

  // --- Signing out -----------------------------------------------------------------------------------------------

  get isAnythingUnsaved() {
    return this.queue.entries.length + this.queue.elsewhere.length > 0;
  }

  async leave(form) {
    await this.queue.flush(LAST_MOMENT);
    await this.queue.lookAround();
    if (this.isAnythingUnsaved) return this.askToLose(form);
    return form.submit();
  }

  askToLose(form) {
    const copy = this.root.querySelector("template[data-dialog=sign-out]").content.cloneNode(true);
    const dialog = copy.querySelector("dialog");
    const lost = new Map([...this.queue.entries, ...this.queue.elsewhere].map((entry) => [entry.key, entry.title]));
    showCounts(dialog, lost.size);
    const items = [...lost.values()].map((title) => document.createElement("li").appendChild(document.createTextNode(title)).parentNode);
    dialog.querySelector("[data-list]").replaceChildren(...items);
    dialog.addEventListener("close", () => {
      if (dialog.returnValue === "lose") this.signOut(form, dialog);
      else dialog.remove();
    });
    document.body.append(copy);
    dialog.showModal();
  }

  // Only once the server has ended the session is what waited given up.
  async signOut(form, dialog) {
    let response = null;
    try {
      response = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    } catch {
      response = null;
    }
    if (!response?.ok) {
      dialog.querySelector("[data-away]").hidden = false;
      return dialog.showModal();
    }
    this.queue.close();
    await this.vault.wipe();
    return location.assign(response.url);
  }
}

// What a part says, where the page did not say it already.
function newIn(parts, id) {
  const words = parts.querySelector(`#${id}`)?.textContent.trim() ?? "";
  return words === document.getElementById(id)?.textContent.trim() ? "" : words;
}

// Before the page is left by a link or by another form, what waits has a moment to be saved. Without a connection the
// page stays, for it is of more use than what a browser shows in place of the next.
function guard(saving) {
  const { queue } = saving;
  const mustWait = () => queue.waiting.length > 0 || (saving.savers.length > 0 && !navigator.onLine);
  const leave = async (go) => {
    await queue.flush(queue.isAtRisk ? LEAVE_AFTER : LEAVE_KEPT_AFTER);
    if ((await saving.isCutOff()) && saving.bar.stay()) return false;
    go();
    return true;
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || !mustWait() || form.isLeaving) return;
    event.preventDefault();
    form.isLeaving = true;
    form.isLeaving = await leave(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isOurs = link && !link.target && link.origin === location.origin && link.href.split("#")[0] !== location.href.split("#")[0];
    if (!isOurs || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !mustWait()) return;
    event.preventDefault();
    leave(() => location.assign(link.href));
  });
}

function watch(saving) {
  const { queue, session, root } = saving;
  document.addEventListener("pointerdown", () => (saving.isPressed = true));
  for (const end of ["pointerup", "pointercancel"]) {
    document.addEventListener(end, () => setTimeout(() => (saving.isPressed = false))); // after the click itself
  }
  document.addEventListener("submit", (event) => {
    const isSignOut = new URL(event.target.action, location).pathname === root.dataset.signOut;
    if (!isSignOut || !saving.isAnythingUnsaved) return;
    event.preventDefault();
    saving.leave(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-try-now]")) {
      queue.sendAll();
      saving.look();
    }
    if (event.target.closest("[data-sign-in]")) session.signIn();
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.isAtRisk) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("online", () => {
    queue.wake();
    saving.look();
  });
  document.addEventListener("resume", () => queue.wake());
  window.addEventListener("focus", () => session.look());
  document.addEventListener("visibilitychange", () => (document.hidden ? queue.sendAll() : queue.wake()));
}

const waitingRoot = document.getElementById("waiting");
const saving = waitingRoot && new Saving(waitingRoot);
if (saving) {
  watch(saving);
  document.addEventListener("DOMContentLoaded", () => {
    guard(saving); // after the page's own listeners
    saving.start();
  });
}
