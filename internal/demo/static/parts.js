// What the parts of the sample page are made of.

export function element(name, className, ...content) {
  const e = document.createElement(name);
  if (className) {
    e.className = className;
  }
  e.append(...content);
  return e;
}

export function line(...content) {
  return element("p", "line", ...content);
}

export function badge(good, text) {
  return element("span", `badge ${good ? "good" : "bad"}`, text);
}

export function plural(n, noun) {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

// duration writes milliseconds as a person would say them.
export function duration(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
