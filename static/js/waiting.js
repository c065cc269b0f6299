// On every page of who is signed in: sends what waits in this browser, and asks before a sign-out would lose it.
"use strict";

const LAST_MOMENT = 8000; // milliseconds that sending has before a sign-out asks
const LEAVE_AFTER = 4000; // where what waits is on the page alone
const LEAVE_KEPT_AFTER = 1500;
const ASK_AGAIN = 5000;

class Saving {
  constructor(root) {
    this.root = root;
    this.session = new Session(root);
    this.vault = new Vault();
    this.queue = new Queue(this.session, this.vault, this);
    this.bar = new SaveBar(root, this.session, this.queue);
    this.savers = []; // the forms of answers on this page
    this.session.whenBack = () => this.opened();
    this.session.whenOther = () => this.left();
  }

  async start() {
    if (this.savers.length || (await this.vault.isUsed())) await this.unlock();
    this.queue.channel?.postMessage("signed in");
  }

  async unlock() {
    const who = await this.session.ask();
    if (who === "same") return this.opened();
    if (who === "other") return this.left();
    if (who === "out" && this.savers.length) return this.queue.signOut();
    if (who === "away") setTimeout(() => this.unlock(), ASK_AGAIN);
    return null;
  }

  // The person is the one that this page was made for, and the keys are here.
  async opened() {
    if (!this.vault.isOpen) await this.vault.open(this.session.user, this.session.keys, this.session.now());
    this.queue.entries.filter((entry) => !entry.isKept).forEach((entry) => this.queue.keep(entry));
    await this.queue.lookAround();
  }

  // Somebody else is signed in: what waits is dropped, unread, and the page is loaded as theirs.
  left() {
    this.queue.close();
    location.reload();
  }

  // --- What the queue tells --------------------------------------------------------------------------------------

  changed() {
    if (!this.queue.isClosed) this.bar.show();
    this.savers.forEach((saver) => saver.show());
  }

  saved(entry, parts, moment) {
    this.bar.lastSaved = moment;
    this.bar.isMerged = false;
    const effect = parts.querySelector("[data-announce]")?.textContent.trim(); // before the parts go into the page
    if (entry.saver) entry.saver.saved(entry, parts);
    else if (this.savers.some((saver) => saver.key === entry.key)) this.refresh();
    if (entry.saver && effect) this.bar.announce(effect);
  }

  refused(entry, parts) {
    entry.isClosed = parts.querySelector("[data-submitted], [data-closed]") !== null;
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

  // What this page shows is older than what was just saved; it is loaded anew unless somebody types in it.
  refresh() {
    if (this.queue.entries.every((entry) => !entry.saver)) location.reload();
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

// Before the page is left by a link or by another form, what waits has a moment to be saved.
function guard({ queue }) {
  const leave = async (go) => {
    await queue.flush(queue.isAtRisk ? LEAVE_AFTER : LEAVE_KEPT_AFTER);
    go();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog" || !queue.waiting.length || form.isLeaving) return;
    event.preventDefault();
    form.isLeaving = true;
    leave(() => form.requestSubmit(event.submitter));
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isOurs = link && !link.target && link.origin === location.origin && link.href.split("#")[0] !== location.href.split("#")[0];
    if (!isOurs || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || !queue.waiting.length) return;
    event.preventDefault();
    leave(() => location.assign(link.href));
  });
}

function watch(saving) {
  const { queue, session, root } = saving;
  document.addEventListener("submit", (event) => {
    const isSignOut = new URL(event.target.action, location).pathname === root.dataset.signOut;
    if (!isSignOut || !saving.isAnythingUnsaved) return;
    event.preventDefault();
    saving.leave(event.target);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-try-now]")) queue.sendAll();
    if (event.target.closest("[data-sign-in]")) session.signIn();
  });
  window.addEventListener("beforeunload", (event) => {
    if (queue.isAtRisk) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("online", () => queue.wake());
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
