// The few things that every module does with the document. Text goes in as text, never as HTML.

export const byId = (id) => document.getElementById(id);

/** Make an element; a property that the element has is set, anything else becomes an attribute. */
export function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Set text only where it differs, so that nothing is drawn or read aloud again for no reason. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Show a text in an element, or hide the element when there is none. */
export function setNote(element, text) {
  setText(element, text);
  element.hidden = !text;
}

/** Show or hide; whoever was inside by keyboard is not left nowhere, but taken to the refuge. */
export function setShown(element, isShown, refuge) {
  const leaves = !isShown && element.contains(document.activeElement);
  element.hidden = !isShown;
  if (leaves) refuge.focus();
}

/** Do what a button is for; meanwhile it cannot be pressed again, and it keeps the focus. */
export async function pressed(button, work) {
  const had = document.activeElement === button;
  button.disabled = true;
  try {
    return await work();
  } finally {
    button.disabled = false;
    if (had && document.activeElement === document.body) button.focus();
  }
}
