// The state of a page: one value for each parameter, written as in an address. Whatever shows the state subscribes to it.

// .3 for 0.3, without rounding noise.
export const formatNumber = value => String(+value.toPrecision(12)).replace(/^(-?)0\./, '$1.')

export function formatValue(value) {
  if (typeof value === 'number') return formatNumber(value)
  return typeof value === 'boolean' ? String(+value) : value
}

export const formatAll = values => Object.entries(values).map(([name, value]) => [name, formatValue(value)])

// The value nearest to a number among those that a range can take.
export function snapToStep({ low, high, step }, value) {
  return Math.min(high, Math.max(low, +(low + Math.round((value - low) / step) * step).toFixed(10)))
}

// An answer of the server. An error with `retry` set is worth another attempt.
export const fetchAnswer = async (address, signal) => (await reach(address, signal)).answer

// latency: milliseconds that the way took, without the server's work.
async function reach(address, signal) {
  const started = performance.now()
  const response = await fetch(address, { signal }).catch(() => {
    throw passing('The server does not answer; trying again.')
  })
  const latency = performance.now() - started - (response.headers.get('Server-Timing')?.match(/dur=([\d.]+)/)?.[1] ?? 0)
  if ([502, 503, 504].includes(response.status)) throw problem({ status: 503 }) // a proxy sends no JSON
  const answer = await response.json()
  if (!response.ok) throw problem(answer)
  return { answer, latency }
}

const passing = message => Object.assign(new Error(message), { retry: true })
const problem = ({ status, detail }) => status === 503 ? passing('Busy; trying again.') : new Error(detail)

// The answers for several addresses of figures, in one response; an error in place of an answer that there is not.
export async function fetchAnswers(addresses) {
  try {
    const { answer, latency } = await reach(addresses.length > 1 ? batch(addresses) : addresses[0])
    return { latency, answers: (answer.states ?? [answer]).map(state => state.status >= 400 ? problem(state) : state) }
  } catch (error) {
    return { answers: addresses.map(() => error) }
  }
}

// States that nobody waits for: the server makes them while it is idle, and sends null for the others.
export async function fetchAhead(addresses, signal) {
  return (await fetchAnswer(`${batch(addresses)}&_ahead=1`, signal)).states
}

export function batch(addresses) {
  const parts = addresses.map(address => address.split(/\/([\w-]+)\.json/))
  return `${parts[0][0]}.json?${new URLSearchParams(parts.map(([, name, query]) => ['state', name + query]))}`
}

// parameters: name -> its declaration in the page. search: the query string of the address.
// load: address of a figure -> its answer; a copy without a server has its own.
export function createStore(parameters, search = '', load = fetchAnswer) {
  const values = new Map()
  const listeners = []
  const store = {
    parameters,
    load,
    get: name => values.get(name),
    entries: () => [...values],

    // The whole state that an address describes.
    parse(search) {
      const query = new URLSearchParams(search)
      return Object.entries(parameters).map(([name, { kind, default: initial }]) => {
        const text = query.get(name)
        return [name, text === null ? initial : kind === 'range' ? formatNumber(+text) : text]
      })
    },

    // A query string with the parameters that differ from their defaults, added to what else an address holds.
    query(search = '') {
      const query = new URLSearchParams(search)
      for (const name of values.keys()) store.isStated(name) ? query.set(name, values.get(name)) : query.delete(name)
      return query.toString()
    },

    // Some parameters have a meaning only while another one has a certain value.
    isActive(name) {
      const { only } = parameters[name]
      return !only || (values.get(only[0]) ?? only[1]) === only[1]
    },
    isStated: name => values.get(name) !== parameters[name].default && store.isActive(name),

    // listener: (names of the parameters that changed, where the change comes from)
    subscribe: listener => { listeners.push(listener) },

    // changes: pairs of a name and a value. source: the figure whose answer they are, if any.
    set(changes, source) {
      const changed = new Map(changes.filter(([name, value]) => name in parameters && values.get(name) !== value))
      // Where a parameter that defines a run has changed, there is a new run, which starts at its first step.
      for (const [name, { run, low }] of Object.entries(parameters)) {
        const isNewRun = run?.some(other => changed.has(other)) && !changes.some(([other]) => other === name)
        if (isNewRun) changed.set(name, formatNumber(low))
      }
      if (!changed.size) return
      for (const [name, value] of changed) values.set(name, value)
      for (const listener of listeners) listener([...changed.keys()], source)
    },
  }
  for (const [name, value] of store.parse(search)) values.set(name, value)
  return store
}
