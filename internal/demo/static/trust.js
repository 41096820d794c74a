// The note of the page that is not trusted, until somebody trusts it.

import { trusted } from "./network.js";

const note = document.querySelector("#trust");

// sayTrust says whether the last call was let through.
export function sayTrust(through) {
  if (!note) {
    return;
  }
  note.classList.toggle("good", through);
  note.classList.toggle("bad", !through);
  note.querySelector('[data-when="refused"]').hidden = through;
  note.querySelector('[data-when="trusted"]').hidden = !through;
}

// whenBack calls f when somebody comes back, perhaps from the dashboard, and wants to
// know whether it works now.
export function whenBack(f) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && trusted === "false") {
      f();
    }
  });
}
