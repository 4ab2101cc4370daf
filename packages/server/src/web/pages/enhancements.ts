/** Longest time a form counts as being sent: afterwards a person may press again, whatever became of the answer. */
const BUSY_SECONDS = 10;

/**
 * The script every page may do without: shows and hides a password, copies the reference of an error,
 * and keeps a form from being sent twice. The buttons stay enabled: a disabled one would not be sent along.
 */
export const ENHANCEMENTS = `'use strict';
for (const button of document.querySelectorAll('[data-reveal]')) {
  const input = document.getElementById(button.dataset.reveal);
  button.hidden = false;
  const turn = () => {
    const [text, label] = [button.textContent, button.getAttribute('aria-label')];
    input.type = input.type === 'password' ? 'text' : 'password';
    button.textContent = button.dataset.other;
    button.setAttribute('aria-label', button.dataset.otherLabel);
    button.dataset.other = text;
    button.dataset.otherLabel = label;
  };
  button.addEventListener('click', turn);
  input.form.addEventListener('submit', () => { if (input.type === 'text') turn(); });
}

for (const button of document.querySelectorAll('[data-copy]')) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 2000);
  });
}

const rest = (form) => {
  delete form.dataset.sending;
  for (const button of form.querySelectorAll('[data-label]')) {
    button.textContent = button.dataset.label;
    button.removeAttribute('aria-disabled');
    delete button.dataset.label;
  }
};

for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sending) return event.preventDefault();
    form.dataset.sending = 'yes';
    const button = event.submitter;
    if (button && button.dataset.busy) {
      button.dataset.label = button.textContent;
      button.textContent = button.dataset.busy;
      button.setAttribute('aria-disabled', 'true');
    }
    setTimeout(rest, ${BUSY_SECONDS * 1000}, form);
  });
}
addEventListener('pageshow', (event) => { if (event.persisted) for (const form of document.forms) rest(form); });
`;
