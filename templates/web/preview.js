// Shows the issue anew when a file behind it has changed, and says so when nobody serves it any more.

const state = document.getElementById('state');
const said = state.textContent;
const shown = document.documentElement.dataset.version ?? '';
const changes = new EventSource(`/changes?since=${shown}`);
changes.onmessage = () => location.reload();
changes.onopen = () => {
  state.textContent = said;
};
changes.onerror = () => {
  state.textContent = 'The preview has ended, or is starting again.';
};
