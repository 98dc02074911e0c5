// Keys of the pages. Everything works without them.
"use strict";

const chosen = () => document.querySelector(".story:focus-within, .story.chosen");

function choose(step) {
  const stories = [...document.querySelectorAll(".story")];
  if (stories.length === 0) return;
  const at = stories.indexOf(chosen());
  const next = stories[Math.min(Math.max(at + step, 0), stories.length - 1)];
  for (const story of stories) story.classList.toggle("chosen", story === next);
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => choose(1),
  k: () => choose(-1),
  o: () => chosen()?.querySelector("a.publisher")?.click(),
  "/": () => document.querySelector("input[type=search], textarea")?.focus(),
  g: () => document.querySelector("a.brand").click(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});
