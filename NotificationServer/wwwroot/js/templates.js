// The editor of a template: what is typed on the left is seen on the right, half a second later. The server renders; nothing is
// rendered here. Without this script the Preview button does the same.

const form = document.querySelector('[data-live-editor]');
const pause = 300;
let timer, running, mailShown = document.getElementById('preview-mail-head')?.dataset.mail, lastField;

for (const button of document.querySelectorAll('[data-without-scripts]')) button.hidden = true;

async function refresh() {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch(form.dataset.liveUrl, { method: 'POST', body: new FormData(form), signal: running.signal }); // typing keeps a person signed in
    if (answer.status === 401 || answer.redirected) return say('You were signed out. Copy your text, sign in in another tab, then save.');
    if (answer.ok) show(await answer.text());
  } catch (problem) {
    if (problem.name !== 'AbortError') say('The server does not answer; the preview is not up to date.');
  }
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, 'text/html');
  const open = document.querySelector('.hints')?.open;
  for (const part of fresh.querySelectorAll('[data-live]')) document.getElementById(part.id)?.replaceWith(document.adoptNode(part));
  if (open) document.querySelector('.hints')?.setAttribute('open', '');
  const mail = document.getElementById('preview-mail-head')?.dataset.mail;
  if (mail !== mailShown) showMail(mail);
}

// The mail is a document of its own, which nothing but a frame can show. A new frame each time: a frame that is sent somewhere
// else adds to the history of the window, and the way back from here would lead through every key pressed.
function showMail(mail) {
  const stage = document.getElementById('mail-stage');
  for (const unfinished of stage.querySelectorAll('.mail-next')) unfinished.remove();
  const old = stage.querySelector('iframe');
  const next = old.cloneNode();
  next.removeAttribute('src');
  next.name = `mail-${Date.now()}`;
  next.classList.add('mail-next');
  stage.append(next);
  const { action, target } = form;
  Object.assign(form, { action: form.dataset.mailUrl, target: next.name });
  next.addEventListener('load', () => {
    if (!next.isConnected) return;
    next.classList.remove('mail-next');
    old.remove();
  });
  HTMLFormElement.prototype.submit.call(form);
  Object.assign(form, { action, target });
  mailShown = mail;
}

function say(words) {
  const title = document.getElementById('preview-title');
  title.textContent = `Preview – ${words}`;
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, pause);
}

// A finding leads to its field: /locales/de-CH/email/html is the field email/html of the language de-CH.
function goTo(pointer) {
  const steps = pointer.split('/').slice(1);
  const language = steps[0] === 'locales' ? steps[1] : undefined;
  const [area, field] = steps[0] === 'locales' ? steps.slice(2) : steps[0] === 'channels' ? steps.slice(1) : ['data', steps[0]];
  form.querySelector(`#channel-${area === 'data' ? 'data' : area}`)?.click();
  if (area !== 'data') {
    const chips = [...form.querySelectorAll('[name="Form.Shown"]')];
    (chips.find((chip) => chip.dataset.language === language) ?? chips[0])?.click();
  }
  const at = area === 'data' ? field : field ? `${area}/${field}` : `${area}/`;
  [...form.querySelectorAll(`[data-at^="${CSS.escape(at)}"]`)].find((input) => input.offsetParent)?.focus();
}

// In the field that was last written in, where its cursor is.
function insert(name) {
  const field = lastField?.offsetParent ? lastField : [...form.querySelectorAll('.pane [data-at]')].find((input) => input.offsetParent);
  if (!field) return;
  field.focus();
  field.setRangeText(`{{${name}}}`, field.selectionStart, field.selectionEnd, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

// A key that follows the name until somebody writes one.
function suggestKeys() {
  const key = form.querySelector('[data-key-of]');
  const name = key && document.getElementById(key.dataset.keyOf);
  name?.addEventListener('input', () => {
    if (key.dataset.own) return;
    key.value = name.value.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 100);
  });
  key?.addEventListener('input', () => { key.dataset.own = key.value; });
}

if (form) {
  form.addEventListener('input', (event) => { if (event.target.name?.startsWith('Form.')) soon(); });
  // Enter in a field submits the page without this: here it does what the field is for.
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target.tagName !== 'INPUT') return;
    event.preventDefault();
    if (event.target.name === 'Form.NewLanguage') event.target.parentElement.querySelector('button').click();
    else if (event.target.name === 'to') event.target.parentElement.querySelector('button').click();
    else refresh();
  });
  form.addEventListener('focusin', (event) => { if (event.target.dataset.at) lastField = event.target; });
  form.addEventListener('click', (event) => {
    const button = event.target.closest('[data-goto], [data-insert]');
    if (button?.dataset.goto) goTo(button.dataset.goto);
    if (button?.dataset.insert) insert(button.dataset.insert);
  });

  // Leaving with words that nobody saved asks first.
  let changed = false;
  form.addEventListener('input', (event) => { changed ||= event.target.dataset.at !== undefined; });
  form.addEventListener('submit', () => { changed = false; });
  window.addEventListener('beforeunload', (event) => { if (changed) event.preventDefault(); });
  suggestKeys();
}
