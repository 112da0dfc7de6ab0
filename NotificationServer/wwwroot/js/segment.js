// The rule builder: lines come and go without losing the place, and who is meant follows the typing. Without this script its buttons do the same.

const form = document.querySelector('form[data-look]');
const pause = 500;
let timer, running;

async function send(url, extra) {
  const body = new FormData(form);
  if (extra) body.set('act', extra);
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(url, { method: 'POST', body, signal: running.signal });
    if (answer.status === 401 || answer.redirected) return location.reload();
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null;
  } catch (problem) {
    return null; // a later one took its place, or the server is away: what is shown stays
  }
}

function swap(id, fresh) {
  const next = fresh?.getElementById(id);
  if (next) document.getElementById(id)?.replaceWith(document.adoptNode(next));
}

async function look() {
  document.getElementById('look')?.setAttribute('aria-busy', 'true');
  swap('look', await send(form.dataset.look));
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
