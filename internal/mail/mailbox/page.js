// The mailbox asks for news every second and a half, and changes only what has
// changed: a row that stays is never drawn again, and the message that is open
// is left alone.

const pause = 1500;
const $ = (id) => document.getElementById(id);
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const instant = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

let messages = [];
let tag = "";
let view = "html";
let open = null;
let framed = "";
const rows = new Map();
const seen = new Set();

// One message may arrive twice with one id, as mail does.
const keyOf = (message) => `${message.id} ${message.createdAt}`;

async function ask() {
  try {
    const response = await fetch("/dev/mail/messages", { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    if (response.status === 200) {
      messages = await response.json();
      tag = response.headers.get("ETag");
      draw();
    } else if (response.status !== 304) {
      throw new Error(response.statusText);
    }
    say("Live", true);
  } catch {
    say("Not connected", false);
  }
}

function say(words, alive) {
  if ($("state").textContent !== words) $("state").textContent = words;
  $("state").classList.toggle("alive", alive);
}

async function watch() {
  if (!document.hidden) await ask();
  setTimeout(watch, pause);
}

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function row(message) {
  const item = document.createElement("li");
  const button = element("button", "row unread", "");
  button.type = "button";
  const sent = element("time", "", time.format(new Date(message.createdAt)));
  sent.dateTime = message.createdAt;
  button.append(element("span", "to", message.to), sent, element("span", "subject", message.subject));
  button.addEventListener("click", () => show(message));
  item.append(button);
  return item;
}

function draw() {
  const wanted = $("filter").value.trim().toLowerCase();
  const shown = messages.filter((m) => `${m.to} ${m.subject}`.toLowerCase().includes(wanted));
  const keys = new Set(shown.map(keyOf));
  for (const [key, item] of rows) {
    if (!keys.has(key)) {
      item.remove();
      rows.delete(key);
    }
  }
  let place = $("list").firstChild;
  for (const message of shown) {
    const key = keyOf(message);
    if (!rows.has(key)) rows.set(key, row(message));
    const item = rows.get(key);
    if (item === place) place = place.nextSibling;
    else $("list").insertBefore(item, place);
  }
  mark();

  $("count").textContent = messages.length === 1 ? "1 message" : `${messages.length} messages`;
  document.title = messages.length ? `Mailbox (${messages.length})` : "Mailbox";
  $("nothing").hidden = shown.length > 0 || messages.length === 0;
  $("welcome").hidden = messages.length > 0;

  if (open && !messages.some((m) => keyOf(m) === keyOf(open))) {
    open = null;
    $("message").hidden = true;
  }
  if (!open && messages.length) {
    show(messages.find((m) => m.id === location.hash.slice(1)) ?? shown[0] ?? messages[0]);
  }
}

function mark() {
  for (const [key, item] of rows) {
    item.firstChild.classList.toggle("unread", !seen.has(key));
    item.firstChild.setAttribute("aria-current", String(open !== null && key === keyOf(open)));
  }
}

function show(message) {
  open = message;
  seen.add(keyOf(message));
  history.replaceState(null, "", `#${message.id}`);
  $("subject").textContent = message.subject;
  $("from").textContent = message.from;
  $("to").textContent = message.to;
  $("unsubscribe").hidden = !message.unsubscribe;
  $("unsubscribe").href = message.unsubscribe ?? "";
  $("sent").textContent = instant.format(new Date(message.createdAt));
  $("sent").dateTime = message.createdAt;
  $("text").replaceChildren(...withLinks(message.text));
  $("source").textContent = "";
  $("message").hidden = false;
  mark();
  look();
}

// look shows the open message in the chosen view, or as text if it has no HTML.
async function look() {
  const message = open;
  const shown = view === "html" && !message.html ? "text" : view;
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === shown));
    button.disabled = button.dataset.view === "html" && !message.html;
    $(button.dataset.view).hidden = button.dataset.view !== shown;
  }
  const address = `/dev/mail/messages/${message.id}`;
  if (shown === "html" && framed !== address) {
    // Unlike src, this leaves nothing for the back button to go through.
    $("html").contentWindow.location.replace(`${address}/html`);
    framed = address;
  }
  if (shown === "source" && !$("source").textContent) {
    const response = await fetch(`${address}/source`);
    const source = await response.text();
    if (open === message) $("source").textContent = source;
  }
}

function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"]+)/).map((part, index) => {
    if (index % 2 === 0) return part;
    const link = element("a", "", part);
    link.href = part;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  });
}

// step opens the row above or below the one that is open.
function step(by) {
  const items = [...$("list").children];
  const at = items.findIndex((item) => item.firstChild.getAttribute("aria-current") === "true");
  const button = items[Math.min(Math.max(at + by, 0), items.length - 1)]?.firstChild;
  button?.click();
  button?.focus();
}

for (const button of document.querySelectorAll("[data-view]")) {
  button.addEventListener("click", () => {
    view = button.dataset.view;
    look();
  });
}
$("filter").addEventListener("input", draw);
$("list").addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) {
    event.preventDefault();
    step(by);
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) ask();
});
watch();
