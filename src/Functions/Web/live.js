// Asks again and again, politely: sooner while things happen, later while nothing does or the API is away, and not at all while nobody looks.

const Eager = 1500;
const Idle = 4000;
const Longest = 30_000;

// ask: does one round and returns 'more' (again at once), 'busy', 'idle' or 'over'. tell: is told of a fault and of the seconds until the next try; of null when it is over.
export async function follow(ask, tell, signal) {
  for (let patience = Eager; !signal.aborted;) {
    await visible(signal);
    let wait;
    try {
      const found = await ask();
      tell(null);
      patience = Eager;
      if (found === 'over') {
        return;
      }

      wait = found === 'more' ? 0 : found === 'busy' ? Eager : Idle;
    } catch (fault) {
      if (signal.aborted) {
        return;
      }

      patience = Math.min(2 * patience, Longest);
      wait = fault.retryAfter ? 1000 * fault.retryAfter : patience;
      tell(fault, Math.round(wait / 1000));
    }

    await pause(wait, signal);
  }
}

const pause = (time, signal) => new Promise(resolve => {
  const timer = setTimeout(resolve, time);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    resolve();
  }, { once: true });
});

// At once where the tab is seen, else when it is.
const visible = signal => new Promise(resolve => {
  if (!document.hidden || signal.aborted) {
    resolve();
    return;
  }

  const look = () => {
    if (!document.hidden || signal.aborted) {
      document.removeEventListener('visibilitychange', look);
      resolve();
    }
  };
  document.addEventListener('visibilitychange', look);
  signal.addEventListener('abort', look, { once: true });
});
