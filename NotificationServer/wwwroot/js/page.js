// Every page: ids that copy themselves, times that stay true, dialogs, keys, and sections that are read again while they are looked at.

for (const button of document.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;

document.addEventListener('click', async (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  button.dataset.copied = '';
  setTimeout(() => delete button.dataset.copied, 1200);
});

// Times ------------------------------------------------------------------------------------------------------------

const number = new Intl.NumberFormat('en');
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const forms = {
  exact,
  day: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' }),
  time: new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }),
};

// The same words as Words.Ago on the server.
export function ago(at, now = Date.now()) {
  const seconds = Math.trunc((now - at) / 1000);
  const size = Math.abs(seconds);
  if (size < 5) return 'just now';
  const age = size < 60 ? `${size} s`
    : size < 3600 ? `${Math.trunc(size / 60)} min`
    : size < 172800 ? `${Math.trunc(size / 3600)} h`
    : `${number.format(Math.trunc(size / 86400))} days`;
  return seconds < 0 ? `in ${age}` : `${age} ago`;
}

export function tellTimes(root = document) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.dateTime);
    const words = ago(at.getTime());
    if (time.textContent !== words) time.textContent = words;
    time.title = exact.format(at);
  }
  for (const place of root.querySelectorAll('[data-at-form]')) {
    const words = forms[place.dataset.atForm].format(new Date(place.dataset.at));
    if (place.textContent !== words) place.textContent = words;
  }
}

tellTimes();
setInterval(() => document.hidden || tellTimes(), 5000);
document.addEventListener('visibilitychange', () => document.hidden || tellTimes());

// Dialogs, in browsers that do not know commands ----------------------------------------------------------------------

if (!('command' in HTMLButtonElement.prototype)) {
  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[commandfor]');
    const dialog = button && document.getElementById(button.getAttribute('commandfor'));
    if (dialog) button.getAttribute('command') === 'close' ? dialog.close() : dialog.showModal();
  });
}

// Nothing is asked for twice by an impatient second click.
document.addEventListener('submit', (event) => {
  if (event.target.method !== 'post') return;
  const pressed = event.submitter;
  setTimeout(() => { if (pressed && !event.defaultPrevented) pressed.disabled = true; });
  addEventListener('pageshow', () => { if (pressed) pressed.disabled = false; }, { once: true });
});

// Sections that are read again, unless nobody looks -------------------------------------------------------------------

const pause = 5000;
const parts = () => document.querySelectorAll('[data-refresh][id]');
let timer;

// What somebody works in is left alone.
const inUse = (part) => part.querySelector('dialog[open], :checked:is([type="checkbox"])')
  || (part.contains(document.activeElement) && document.activeElement.matches('input, select, textarea'));

async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { 'X-Background': '1' } });
    if (answer.status === 401) return location.reload();
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    document.documentElement.toggleAttribute('data-stale', !answer.ok);
  } catch {
    document.documentElement.toggleAttribute('data-stale', true);
  }
  schedule();
}

function show(fresh) {
  for (const part of parts()) {
    const next = fresh.getElementById(part.id);
    if (!next || inUse(part) || next.innerHTML === part.dataset.shown) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
    const open = [...part.querySelectorAll('details')].map((details) => details.open);
    const html = next.innerHTML;
    part.replaceChildren(...next.childNodes);
    part.dataset.shown = html;
    part.querySelectorAll('details').forEach((details, place) => { details.open = open[place] ?? false; });
    for (const button of part.querySelectorAll('[data-copy]')) button.hidden = !navigator.clipboard;
    if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    tellTimes(part);
  }
  tell(fresh);
}

function tell(fresh) {
  const sentence = fresh.querySelector('.page-header .sentence');
  const shown = document.querySelector('.page-header .sentence');
  if (sentence && shown && shown.textContent !== sentence.textContent) shown.textContent = sentence.textContent;
}

function schedule() {
  clearTimeout(timer);
  if (!document.hidden && parts().length) timer = setTimeout(refresh, pause);
}

if (parts().length) {
  document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());
  schedule();
}

// What takes its time is asked for when the rest is there ------------------------------------------------------------

const late = document.querySelectorAll('[aria-busy="true"][id]');

async function complete() {
  const url = new URL(location.href);
  url.searchParams.set('wait', 'true');
  const answer = await fetch(url, { headers: { 'X-Background': '1' } }).catch(() => null);
  if (!answer?.ok) return setTimeout(complete, pause);
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  for (const part of late) {
    const next = fresh.getElementById(part.id);
    if (!next) { part.remove(); continue; }
    part.replaceChildren(...next.childNodes);
    part.removeAttribute('aria-busy');
    tellTimes(part);
  }
  tell(fresh);
}

if (late.length) complete();
