// The list works without this script. With it, requests appear as they come: at the top,
// in small batches, and never while somebody reads, points at a row or has the focus in one.

const hearEvery = 10_000; // how often it is said aloud that something came, at most; in milliseconds
const freshFor = 2_000; // how long a new row looks new

const bar = document.querySelector("#live");
const nothing = document.querySelector("#nothing-yet[data-stream]");

if (bar) watching(bar);
if (nothing) awaitingFirst(nothing);

// streamOf is the address of the live list, behind what was seen last.
function streamOf(address, last) {
  const url = new URL(address, location.href);
  if (last) url.searchParams.set("after", last);
  return url;
}

// awaitingFirst loads the page again once there is something to show.
function awaitingFirst(element) {
  const source = new EventSource(streamOf(element.dataset.stream, "1"));
  source.addEventListener("rows", () => {
    source.close();
    location.reload();
  });
}

function watching(bar) {
  const part = (id) => document.getElementById(id);
  const rows = part("rows");
  const most = Number(bar.dataset.rows);
  let last = bar.dataset.after;
  let source;
  let paused = false;
  let over = false;
  let waiting = []; // rows that are not shown yet, the newest first
  let waitsMore = false; // and more came than are among them

  function tell(state, text) {
    bar.dataset.state = state;
    part("live-text").textContent = text;
  }

  // A view that nobody sees needs no connection: browsers have few.
  function connect() {
    if (source || paused || over || document.hidden) return;
    source = new EventSource(streamOf(bar.dataset.stream, last));
    source.addEventListener("open", () => tell("live", "Live"));
    source.addEventListener("rows", take);
    source.addEventListener("ended", () => finish("You are signed out"));
    source.addEventListener("error", () => {
      if (source?.readyState === EventSource.CLOSED) finish("Not live now");
      else tell("waiting", "Connecting…");
    });
  }

  function disconnect() {
    source?.close();
    source = undefined;
  }

  function finish(text) {
    disconnect();
    over = true;
    part("pause").hidden = true;
    part("reload").hidden = false;
    tell("over", text);
  }

  function take(event) {
    last = event.lastEventId || last;
    const piece = document.createElement("template");
    piece.innerHTML = event.data;
    const came = piece.content.querySelector("tbody");
    waiting = [...came.children, ...waiting];
    waitsMore ||= "more" in came.dataset || waiting.length > most;
    waiting.length = Math.min(waiting.length, most);
    say(came.dataset.said);
    if (reading()) offer();
    else insert();
  }

  // reading reports whether rows that move would get in somebody's way.
  function reading() {
    const table = part("exchanges");
    return table.getBoundingClientRect().top < 0 || rows.matches(":hover") || rows.contains(document.activeElement) ||
      (!getSelection().isCollapsed && getSelection().containsNode(rows, true));
  }

  function offer() {
    const button = part("arrived");
    button.hidden = waiting.length === 0;
    button.textContent = `Show ${waiting.length}${waitsMore ? "+" : ""} new`;
  }

  function insert() {
    if (waitsMore) rows.replaceChildren(); // what is between is on the pages behind
    for (const row of waiting) {
      document.getElementById(`x-${row.dataset.joins}`)?.remove();
      document.getElementById(row.id)?.remove();
    }
    // A preflight and its request can have come in two batches.
    const joined = new Set(waiting.map((row) => `x-${row.dataset.joins}`));
    const shown = waiting.filter((row) => !joined.has(row.id));
    rows.prepend(...shown);
    for (const row of shown) row.classList.add("fresh");
    setTimeout(() => shown.forEach((row) => row.classList.remove("fresh")), freshFor);
    if (waitsMore || rows.children.length > most) leadOn();
    part("exchanges").hidden = false;
    part("no-match")?.remove();
    waiting = [];
    waitsMore = false;
    offer();
  }

  // leadOn keeps the list as long as a page, and the rest on the pages behind it.
  function leadOn() {
    while (rows.children.length > most) rows.lastElementChild.remove();
    const older = part("older");
    const url = new URL(older.href);
    url.searchParams.set("before", rows.lastElementChild.id.slice("x-".length));
    older.href = url;
    older.closest("[hidden]")?.removeAttribute("hidden");
  }

  let heard = 0;
  function say(text) {
    if (Date.now() - heard < hearEvery) return;
    heard = Date.now();
    part("live-said").textContent = text;
  }

  part("pause").addEventListener("click", () => {
    paused = !paused;
    part("pause").textContent = paused ? "Continue" : "Pause";
    if (paused) {
      disconnect();
      tell("paused", "Paused");
    } else {
      tell("waiting", "Connecting…");
      connect();
    }
  });
  part("arrived").addEventListener("click", () => {
    insert();
    rows.querySelector("a")?.focus();
  });
  rows.addEventListener("pointerleave", () => {
    if (waiting.length > 0 && !reading()) insert();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) disconnect();
    else connect();
  });

  part("live-state").hidden = part("pause").hidden = false;
  part("reload").hidden = true;
  tell("waiting", "Connecting…");
  connect();
}
