// What happens while a reader's table is sent, read and decomposed. Without this script the page of a decomposition
// is loaded again every few seconds.

const EVERY = 1000 // milliseconds: how often the page asks how far a decomposition has come
const progress = document.getElementById('progress')

if (progress) {
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
    } catch { // the next answer asks again
    }
    asked = false
  }

  const show = ({ step, steps, sentence, pictures }) => {
    progress.max = steps
    progress.value = step
    document.getElementById('state').textContent = sentence
    announce(step, steps, sentence)
    redraw(pictures)
  }

  // Aloud a quarter of the way at a time.
  const announce = (step, steps, sentence) => {
    const quarter = Math.floor(4 * step / steps)
    if (quarter > said || step === steps) document.getElementById('announcement').textContent = sentence
    said = quarter
  }

  // Whatever keeps the server from answering, the page asks again; a table that is gone is loaded, to say so.
  const follow = async () => {
    const response = await fetch(progress.dataset.address).catch(() => ({}))
    const answer = response.ok ? await response.json().catch(() => ({})) : {}
    if (answer.ended || response.status === 404) return location.reload()
    if (answer.step !== undefined) show(answer)
    setTimeout(follow, EVERY)
  }
  follow()
}

// A file that the server would refuse is not sent.
document.getElementById('table')?.addEventListener('change', ({ target }) => {
  const { most, large } = target.dataset, size = target.files[0]?.size ?? 0
  const sentence = size > most ? large.replace('{size}', (Math.ceil(size / 1e5) / 10).toLocaleString('en')) : ''
  const refused = document.getElementById('refused')
  refused.firstChild.textContent = sentence
  refused.hidden = !sentence
  target.setCustomValidity(sentence)
})

document.addEventListener('submit', event => {
  const button = event.submitter
  if (!button?.dataset.busy) return
  button.textContent = button.dataset.busy
  button.disabled = true
})

window.addEventListener('pageshow', event => {
  if (event.persisted) location.reload()
})
