// What scripts say comes from the page, in the reader's language: <li data-word=NAME> of a list [data-words], with {0} … for
// what it is about. A word that the page does not have is a bug, and is seen as one.
export function say(name, ...things) {
  const word = document.querySelector(`[data-words] [data-word="${name}"]`)
  return (word ? word.textContent : name).replace(/\{(\d)\}/g, (hole, n) => things[n] ?? hole)
}

// An element with attributes and children; text is text.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}
