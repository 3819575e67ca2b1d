// In a frame: enlarges the figure with the frame, and reports its height to the page around it, at once and whenever it changes.

const content = document.querySelector('main')
const isFixed = document.body.classList.contains('boxed')
let reported = 0

// A picture is drawn for a frame of 900 by 600 and enlarged from there, and so is the type. A frame that does not follow its
// content has to hold it.
function fitFrame() {
  const byWidth = Math.min(innerWidth, 1600) / 900
  const zoom = Math.max(1, isFixed ? Math.min(byWidth, innerHeight / 600) : byWidth)
  document.documentElement.style.setProperty('--zoom', zoom.toFixed(3))
  document.documentElement.classList.toggle('enlarged', zoom > 1)
}

function report() {
  const height = Math.ceil(content.getBoundingClientRect().height)
  if (!height || height === reported) return
  reported = height
  parent.postMessage({ type: 'infodecomp:height', height }, '*')
}

fitFrame()
addEventListener('resize', fitFrame)
if (!isFixed) {
  report() // the observers of a frame that is out of sight may not run
  new ResizeObserver(report).observe(content)
}
