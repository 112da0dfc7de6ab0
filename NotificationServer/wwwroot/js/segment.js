// The rule builder: lines come and go without losing the place, and who is meant follows the typing. Without this script its buttons do the same.

const form = document.querySelector('form[data-look]');
const pause = 500;
let timer, running;

async function send(url, act, signal) {
  const body = new FormData(form);
  if (act) body.set('act', act);
  try {
    const answer = await fetch(url, { method: 'POST', body, signal });
    if (answer.ok && !answer.redirected) return new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (answer.status === 401 || answer.redirected) document.querySelector('#look p').textContent = 'You were signed out. Sign in in another tab, then go on here.';
  } catch {
    // A later question took its place, or the server is away: what is shown stays.
  }
  return null;
}

function swap(id, fresh) {
  const next = fresh?.getElementById(id);
  if (next) document.getElementById(id)?.replaceWith(document.adoptNode(next));
}

async function look() {
  document.getElementById('look')?.setAttribute('aria-busy', 'true');
  running?.abort();
  running = new AbortController();
  swap('look', await send(form.dataset.look, null, running.signal));
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(look, pause);
}

async function change(act, name) {
  swap('rules', await send(form.action, act));
  const fields = [...form.querySelectorAll('#rules select, #rules input:not([type="hidden"])')];
  (name ? form.elements[name] : act.startsWith('add') ? fields.findLast((field) => field.name.endsWith('.Field')) : fields[0])?.focus();
  soon();
}

form?.addEventListener('change', (event) => event.target.matches('[data-shape]') ? change('shape', event.target.name) : soon());
form?.addEventListener('input', (event) => { if (event.target.name?.startsWith('Rules')) soon(); });
form?.addEventListener('submit', (event) => {
  const act = event.submitter?.value;
  if (act === 'save' || !document.getElementById('rules')) return;
  event.preventDefault();
  if (!act || act === 'show') look();
  else change(act);
});
