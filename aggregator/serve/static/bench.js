// The rule bench answers while one types, and copies the rule. It works without this, by its button.
"use strict";

const form = document.getElementById("bench");
let waiting = 0;
let asked = 0;

async function ask() {
  const number = ++asked;
  const address = `${form.action}?${new URLSearchParams(new FormData(form))}`;
  const answer = await fetch(address);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const found = page.getElementById("found");
  if (number !== asked || found === null) return;
  document.getElementById("found").replaceWith(found);
  history.replaceState(null, "", address);
  offerCopy();
}

function offerCopy() {
  const rule = document.getElementById("yaml");
  if (rule === null || navigator.clipboard === undefined) return;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(rule.textContent);
    button.textContent = "Copied";
  });
  rule.after(button);
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, 400);
});
offerCopy();
