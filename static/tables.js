// The progress of a decomposition. Without this script the page is loaded again every few seconds.

const progress = document.getElementById('progress');
const state = document.getElementById('state');
const source = new EventSource(progress.dataset.events);

source.addEventListener('message', event => {
  const { step, steps, bits, explained } = JSON.parse(event.data);
  if (step === undefined) return;
  progress.max = steps;
  progress.value = step;
  state.textContent = bits === undefined
    ? 'Measuring the bits and the error on the rows that were held out.'
    : `Step ${step} of ${steps}: ${bits} bits explain ${explained} % in the last batch.`;
});

source.addEventListener('done', () => {
  source.close();
  location.reload();
});
