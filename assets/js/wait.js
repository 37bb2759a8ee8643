// A page that waits for what happens elsewhere looks now and then whether it did, and is then loaded
// again: nobody who reads it is disturbed before.
const FIRST_PAUSE_MS = 5_000;
const LAST_PAUSE_MS = 60_000;
const waiting = document.querySelector("[data-waits-at]");

const hasTurned = async ({ waitsAt, waitsWhile }) => {
  const answer = await fetch(waitsAt);
  // What the server cannot say now it may say later; whoever is signed out is told by the page.
  if (answer.status >= 500 || answer.status === 429) return false;
  return answer.redirected || !answer.ok || (await answer.text()) !== waitsWhile;
};

const look = async (pause) => {
  const turned = !document.hidden && (await hasTurned(waiting.dataset).catch(() => false));
  if (turned) location.replace(location.pathname);
  else setTimeout(look, pause, Math.min(pause * 1.1, LAST_PAUSE_MS));
};

if (waiting) setTimeout(look, FIRST_PAUSE_MS, FIRST_PAUSE_MS);
