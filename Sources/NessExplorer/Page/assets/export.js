// A study to take along: as an experiment file, and as Python.

import { copy } from './shell.js';
import { element } from './format.js';

/** A title as the name of a file. */
export function fileName(title) {
  return (title || 'experiment').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60) || 'experiment';
}

/** Gives the reader a text as a file. */
export function download(name, text, type = 'application/yaml') {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

/** The study of an experiment file in Python; `isSampled` if there is something to simulate, to a relative `error`, `quantity` what
 * theory answers, if anything, and `device` as which device its file is studied. */
export function pythonText(file, { isSampled, error, quantity, device }) {
  const quoted = file.trim().replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"');
  const lines = ['import ness', '', 'study = ness.Study("""', quoted, '""")', ''];
  const theory = ['theory = study.theory()', `print(theory["${quantity}"])`, 'for verdict in theory.verdicts:', '    print(verdict.text)', ''];
  const simulation = [`result = study.run(target_error=${error})    # one standard error, as a share of the current`, 'result.plot()'];
  const judged = device ? [`print(${isSampled ? 'result' : 'theory'}.device)    # as a ${device}: numbers and verdicts`] : [];
  return [...lines, ...(quantity ? theory : []), ...(isSampled ? simulation : ['theory.plot()']), ...judged, ''].join('\n');
}

/** The buttons that give a study away. `study()` promises `{title, file, isSampled, error}`; `onFault(error)`. */
export function exportButtons(study, onFault) {
  const act = (name, text, action) => {
    const button = element('button', { type: 'button', text, 'data-export': name });
    button.addEventListener('click', async () => {
      try {
        await action(await study(), button);
      } catch (error) {
        onFault(error);
      }
    });
    return button;
  };
  return [
    act('copy', 'Copy YAML', ({ file }, button) => copied(file, button)),
    act('download', 'Download YAML', ({ file, title }) => download(`${fileName(title)}.yaml`, file)),
    act('command', 'Copy command', ({ title, isSampled }, button) => copied(`ness ${isSampled ? 'run' : 'theory'} ${fileName(title)}.yaml`, button)),
    act('python', 'Python', (given) => showPython(given)),
  ];
}

/** Copies a text and says so on the button; where that is not allowed the reader is told. */
async function copied(text, button) {
  const name = button.textContent;
  button.textContent = await copy(text) ? 'Copied' : 'The browser does not allow it';
  setTimeout(() => { button.textContent = name; }, 2500);
}

function showPython({ title, ...given }) {
  const dialog = document.getElementById('code');
  const text = pythonText(given.file, given);
  document.getElementById('code-text').textContent = text;
  const copyIt = element('button', { type: 'button', text: 'Copy', 'data-code': 'copy', onclick: () => copied(text, copyIt) });
  dialog.querySelector('.actions').replaceChildren(
    copyIt,
    element('button', { type: 'button', text: 'Download', 'data-code': 'download', onclick: () => download(`${fileName(title)}.py`, text, 'text/x-python') }),
    element('button', { type: 'button', class: 'primary', text: 'Close', 'data-code': 'close', onclick: () => dialog.close() }));
  dialog.showModal();
}
