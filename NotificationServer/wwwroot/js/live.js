// A list that grows while it is looked at: asked for every two seconds, unless nobody looks.

const list = document.querySelector('[data-live]');
const said = document.querySelector('[data-live-status]');
const pause = 2000;
let timer;

async function refresh() {
  const newest = list.querySelector('[data-newest]')?.dataset.newest ?? '';
  const url = new URL(list.dataset.live, location.href);
  if (newest) url.searchParams.set('newest', newest);

  try {
    const answer = await fetch(url, { headers: { 'X-Background': '1' } });
    if (answer.status === 401) return location.reload();
    if (answer.status === 200) show(await answer.text(), newest);
  } catch {
    // The server is away for a moment; the list shown is still right.
  }
  schedule();
}

function show(html, newest) {
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  const before = new Set([...list.querySelectorAll('.rows a')].map((a) => a.pathname));
  list.replaceChildren(...fresh.body.childNodes);

  const added = [...list.querySelectorAll('.rows a')].filter((a) => !before.has(a.pathname));
  if (newest) for (const link of added) link.classList.add('fresh');
  const sentence = list.querySelector('[data-sentence]')?.dataset.sentence;
  if (sentence) document.querySelector('.sentence').textContent = sentence;
  said.textContent = added.length === 1 ? 'One new message' : `${added.length} new messages`;
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

function schedule() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(refresh, pause);
}

if (list) {
  document.addEventListener('visibilitychange', () => document.hidden ? clearTimeout(timer) : refresh());
  schedule();
}
