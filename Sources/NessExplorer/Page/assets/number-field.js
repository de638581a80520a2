// Fields for numbers: a comma is a decimal mark, and what is no number is refused with a word, never read as another number.

const needed = 'A number is needed, such as 0.35.';

/** Listens to a number field. `onValue(number)` whenever what stands there is a number, or undefined where it may be left
 * empty; `onWords(text)` with what is wrong with it, or nothing; `onDone()` when the reader has finished. */
export function takeNumber(input, { isOptional = false, onValue, onWords, onDone }) {
  let hadComma = false;
  input.addEventListener('beforeinput', (event) => {
    const text = event.data ?? event.dataTransfer?.getData('text') ?? '';
    if (!text.includes(',')) return;
    event.preventDefault();
    // Two commas can only divide thousands; then nobody knows what one of them would mean.
    if (text.split(',').length > 2 || (hadComma && text === ',')) {
      onWords(`${needed} A comma is a decimal mark here.`);
      return;
    }
    hadComma = true;
    document.execCommand('insertText', false, text.trim().replace(',', '.'));
  });
  input.addEventListener('input', () => {
    const text = input.value.trim();
    if (text === '') hadComma = false;
    const isEmpty = text === '' && !input.validity.badInput;
    if (isEmpty ? !isOptional : !Number.isFinite(Number(text)) || text === '') {
      onWords(input.validity.badInput ? needed : '');
      return;
    }
    const isThousand = hadComma && /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text);
    onWords(isThousand ? `Read as ${Number(text)}: a comma is a decimal mark here. A thousand is 1000.` : '');
    onValue(isEmpty ? undefined : Number(text));
  });
  input.addEventListener('change', () => {
    if (input.validity.badInput) onWords(`${needed} What stood here before is kept.`);
    else if (input.value.trim() === '' && !isOptional) onWords('');
    hadComma = false;
    onDone();
  });
}
