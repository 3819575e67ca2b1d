// What happens while a reader's table is sent, read and decomposed. Without this script the page of a decomposition
// is loaded again every few seconds.

const progress = document.getElementById('progress');

if (progress) {
  const source = new EventSource(progress.dataset.events);
  source.addEventListener('message', event => {
    const { step, steps, sentence } = JSON.parse(event.data);
    if (step === undefined) return;
    progress.max = steps;
    progress.value = step;
    document.getElementById('state').textContent = sentence;
  });
  source.addEventListener('done', () => {
    source.close();
    location.reload();
  });
}

document.addEventListener('submit', event => {
  const button = event.submitter;
  if (!button?.dataset.busy) return;
  button.textContent = button.dataset.busy;
  button.disabled = true;
});

window.addEventListener('pageshow', event => {
  if (event.persisted) location.reload();
});
