// Pictures of what goes on for long: a search that follows a change, or a run that a button plays. Loaded when it is needed.

// what: the parameter that plays, if any; page: what the page's script lends (its state, `set`, `write`, `parameters`).
export async function listen(figure, page, what) {
  figure.halt?.()
  const leave = new AbortController()
  const mine = () => !leave.signal.aborted
  figure.halt = () => {
    leave.abort()
    figure.halt = null
    figure.plays = null
    figure.long = !what // a search that was cut short goes on with the next change
    label(page, what)
  }
  figure.plays = what
  figure.dirty = figure.long = false
  label(page, what)
  while (mine()) {
    try {
      const reply = await fetch(figure.address().replace('.json', '/stream') + (what ? `&_play=${what}` : ''), { signal: leave.signal })
      if (reply.status === 503) {
        figure.complain('Busy; trying again.')
        await new Promise(done => setTimeout(done, 1000 * (reply.headers.get('Retry-After') || 2)))
        continue
      }
      if (!reply.ok) throw new Error((await reply.json()).detail)
      figure.complain('')
      if (await read(reply, answer => mine() && take(figure, page, answer)) && mine()) break
    } catch (error) {
      if (!mine()) return
      if (!(error instanceof TypeError)) {
        figure.complain(error.message)
        break
      }
      figure.complain('The server does not answer; trying again.') // and goes on from where it was
      await new Promise(done => setTimeout(done, 2000))
    }
  }
  if (!mine()) return
  figure.halt()
  figure.long = false
  if (figure.numbers?.open) figure.dirty = true
  figure.pump(true)
}

// Server-sent events as they come in; of those that came at once the newest is shown. True when the last was there.
async function read(reply, show) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return false
    const events = (text + value).split('\n\n')
    text = events.pop()
    const last = events.findLast(event => event.startsWith('data: '))
    if (last) show(JSON.parse(last.slice(6)))
    if (events.some(event => event.startsWith('event: broken'))) throw new Error('This could not be computed.')
    if (events.some(event => event.startsWith('event: done'))) return true
  }
}

function take(figure, { set, write }, answer) {
  figure.apply(answer)
  set(Object.entries(answer.parameters).map(([name, value]) => [name, write(value)]), figure)
}

function label({ parameters, figures }, what) {
  const plays = figures.some(figure => figure.plays === what)
  for (const button of document.querySelectorAll(`[data-plays="${what}"]`)) {
    button.textContent = plays ? parameters[what].halt : parameters[what].go
  }
}

// The button plays the figure beside it, or the first that has a stream of its parameter; a second press stops it there.
export function press(button, page) {
  const what = button.dataset.plays
  const playing = page.figures.find(figure => figure.plays === what)
  if (playing) return playing.halt()
  const able = page.figures.filter(({ node, names }) => 'streams' in node.dataset && names.includes(what))
  const figure = able.find(({ node }) => node.contains(button)) ?? able[0]
  if (figure) listen(figure, page, what)
}
