// In a frame: reports the height of the figure to the page around it, at once and whenever it changes.

const content = document.querySelector('main')
let reported = 0

function report() {
  const height = Math.ceil(content.getBoundingClientRect().height)
  if (!height || height === reported) return
  reported = height
  parent.postMessage({ type: 'infodecomp:height', height }, '*')
}

report() // the observers of a frame that is out of sight may not run
new ResizeObserver(report).observe(content)
