/* The page of a device that asks to be let in: it goes on by itself once the host has answered. */

const EVERY_MS = 3000;

async function look() {
  const answer = await fetch(window.location.href, { redirect: "manual", cache: "no-store" });
  const isAnswered = answer.type === "opaqueredirect" || !(await answer.text()).includes("data-asks");
  if (isAnswered) window.location.reload();
}

setInterval(() => look().catch(() => {}), EVERY_MS); // a network that is away for a while is asked again
