// What happens while a reader's table is sent, read and decomposed. Without this script the page of a decomposition
// is loaded again every few seconds.

const progress = document.getElementById('progress')

if (progress) {
  const source = new EventSource(progress.dataset.events)
  const isStill = matchMedia('(prefers-reduced-motion: reduce)')
  let shown = 0, asked = false, said = -1, drawn = 0

  // The picture as the server draws it now; there is one request at a time.
  const redraw = async pictures => {
    if (asked || pictures === shown || Date.now() < drawn + (isStill.matches ? 10_000 : 0)) return
    asked = true
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), 'text/html')
      for (const part of ['growing', 'size']) {
        const newest = page.getElementById(part)
        if (newest) document.getElementById(part).replaceChildren(...newest.childNodes)
      }
      shown = pictures
      drawn = Date.now()
    } catch { // the next event asks again
    }
    asked = false
  }

  // Aloud a quarter of the way at a time.
  const announce = (step, steps, sentence) => {
    const quarter = Math.floor(4 * step / steps)
    if (quarter > said || step === steps) document.getElementById('announcement').textContent = sentence
    said = quarter
  }

  source.addEventListener('message', event => {
    const { step, steps, sentence, pictures } = JSON.parse(event.data)
    if (step === undefined) return
    progress.max = steps
    progress.value = step
    document.getElementById('state').textContent = sentence
    announce(step, steps, sentence)
    redraw(pictures)
  })
  source.addEventListener('done', () => {
    source.close()
    location.reload()
  })
}

document.addEventListener('submit', event => {
  const button = event.submitter
  if (!button?.dataset.busy) return
  button.textContent = button.dataset.busy
  button.disabled = true
})

window.addEventListener('pageshow', event => {
  if (event.persisted) location.reload()
})
