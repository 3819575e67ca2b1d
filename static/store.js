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
export async function fetchAnswer(address) {
  let response
  try {
    response = await fetch(address)
  } catch {
    throw Object.assign(new Error('The server does not answer; trying again.'), { retry: true })
  }
  if (response.status === 503) throw Object.assign(new Error('Busy; trying again.'), { retry: true })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.detail)
  return answer
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
