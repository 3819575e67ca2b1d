// Waiting until something has been quiet for a while.

// Calls back once, `wait` milliseconds after the last request. `flush` calls at once if a call is due.
export function debounce(callback, wait) {
  let timer = 0
  const run = () => {
    request.cancel()
    callback()
  }
  const request = () => {
    request.cancel()
    timer = setTimeout(run, wait)
  }
  request.cancel = () => {
    clearTimeout(timer)
    timer = 0
  }
  request.flush = () => { if (timer) run() }
  return request
}
