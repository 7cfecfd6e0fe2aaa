// Starts the page: loads the wasm, says so when that fails, and owns the crash card.
// A file of its own, because the policy in index.html allows no inline script.
const root = document.documentElement;
const crash = document.getElementById('crash');
const message = document.getElementById('crash-message');
const PREFIX = 'faultline.';
const SLOW_MS = 15_000;

function readStored(key) {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null; // storage is blocked: the page works without it
  }
}

function forgetEverything() {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
  } catch {
    // storage is blocked: there is nothing to forget
  }
}

function showCrash(text) {
  if (!crash.hidden) return;
  message.textContent = text;
  root.dataset.crashed = '1';
  crash.hidden = false;
}

// The panic hook of the page only unhides the card; focus follows from here, once.
new MutationObserver(() => {
  if (crash.hidden) return;
  document.getElementById('app').inert = true;
  crash.focus();
}).observe(crash, { attributes: true, attributeFilter: ['hidden'] });

document.getElementById('crash-again').addEventListener('click', () => location.reload());
document.getElementById('crash-clean').addEventListener('click', () => {
  forgetEverything();
  history.replaceState(null, '', location.pathname + location.search);
  location.reload();
});

// A wasm trap without a panic (a stack overflow, memory used up) never reaches the panic hook.
addEventListener('error', (event) => {
  if (event.error instanceof WebAssembly.RuntimeError) showCrash(`The simulation stopped: ${event.error.message}`);
});

const theme = new URLSearchParams(location.hash.split('?')[1] ?? '').get('theme') ?? readStored('theme');
if (['night', 'day', 'projector'].includes(theme)) root.dataset.theme = theme;

const slow = setTimeout(() => {
  const status = document.getElementById('boot-status');
  if (status) status.textContent = 'Faultline is still loading. It starts by itself when everything has arrived; a reload may help.';
}, SLOW_MS);

async function start() {
  const { js, wasm } = document.querySelector('script[data-wasm]').dataset;
  const address = (file) => new URL(file, document.baseURI).href;
  const { default: init } = await import(address(js));
  await init({ module_or_path: address(wasm) });
}

if (typeof WebAssembly === 'object') {
  start()
    .catch((error) => showCrash(`Faultline could not start. Check the connection, then try again. (${error?.message ?? error})`))
    .finally(() => clearTimeout(slow));
} else {
  clearTimeout(slow);
  showCrash('Faultline needs WebAssembly, and this browser does not offer it. A newer browser will do.');
}
