// Everything here works without this script. With it, the form says what would be
// saved while it is being typed, and the tester answers in place.

// How long after the last key to ask, in milliseconds.
const pause = 250;

// replacing returns a function that asks for a piece of a page and puts it in
// place. A newer question overtakes an older one.
function replacing(target) {
  let asked;
  return async (url, options) => {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(url, { ...options, signal: asked.signal, redirect: "error" });
      if (answer.ok) target.innerHTML = await answer.text();
      return answer.ok;
    } catch {
      return false; // overtaken, signed out or offline: the form itself still says so
    }
  };
}

// previewing shows what would become of the entries while they are typed.
function previewing(form) {
  const target = form.querySelector("#preview");
  const entries = form.elements.domains;
  const expires = form.elements.expires;
  const ask = replacing(target);
  let timer;
  let chosen = false;

  async function look() {
    const body = new URLSearchParams(new FormData(form));
    if (!(await ask(form.dataset.preview, { method: "POST", body }))) return;
    const proposal = target.querySelector("[data-propose]");
    if (proposal && !chosen) expires.value = proposal.dataset.propose;
  }

  expires.addEventListener("change", () => { chosen = true; });
  entries.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, pause);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=replace]");
    if (!button) return;
    event.preventDefault();
    const [entry, other] = button.value.split(" ");
    const parts = entries.value.split(/([\s,]+)/);
    const at = parts.indexOf(entry);
    if (at >= 0) parts[at] = other;
    entries.value = parts.join("");
    entries.focus();
    look();
  });
  // What is being pressed must not move away from below the pointer.
  form.addEventListener("pointerdown", () => clearTimeout(timer));
  form.querySelector("button[value=check]").hidden = true;
}

// testing answers the tester's question in place.
function testing(form) {
  const ask = replacing(form.querySelector("#tester-result"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const query = new URLSearchParams(new FormData(form));
    if (!(await ask(`${form.dataset.check}?${query}`))) form.submit();
  });
}

// telling makes screen readers say the message, lets it be dismissed, and takes it
// out of the address, so that it is not told again when the page is loaded again.
function telling(messages) {
  const told = [...messages.children];
  if (told.length === 0) return;
  const dismiss = document.createElement("button");
  dismiss.type = "button";
  dismiss.className = "dismiss";
  dismiss.textContent = "Dismiss";
  dismiss.addEventListener("click", () => messages.replaceChildren());
  told[0].append(dismiss);
  messages.replaceChildren();
  setTimeout(() => messages.replaceChildren(...told), 100);
  const here = new URL(location.href);
  here.searchParams.delete("change");
  here.searchParams.delete("notice");
  history.replaceState(history.state, "", here);
}

// choosing adds a box that ticks all boxes of the table.
function choosing(table) {
  const boxes = [...table.querySelectorAll("input[name=id]")];
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", "Choose all on this page");
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  table.querySelector("thead .pick").replaceChildren(all);
  table.addEventListener("change", () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  });
}

// copying adds a button that copies a piece of code.
function copying(code) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.setAttribute("aria-describedby", code.id);
  const said = document.createElement("span");
  said.className = "unseen";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = said.textContent = "Copied";
    } catch {
      // Not allowed here: ready for the keyboard.
      if (code.select) code.select();
      else getSelection().selectAllChildren(code);
      button.textContent = said.textContent = "Selected: press Ctrl+C";
    }
    setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 3000);
  });
  code.closest(".copied").append(button, said);
}

for (const code of document.querySelectorAll("[data-copy]")) copying(code);
// An answer that is shown once gives way to the list when it is loaded again.
for (const once of document.querySelectorAll("[data-leave]")) history.replaceState(null, "", once.dataset.leave);
for (const form of document.querySelectorAll("form[data-preview]")) previewing(form);
for (const form of document.querySelectorAll("form[data-check]")) testing(form);
for (const table of document.querySelectorAll("#domains-list")) choosing(table);
telling(document.querySelector("#message"));
