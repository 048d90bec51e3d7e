// Shows the issue anew when a file behind it has changed, and says so when nobody serves it any more.

const changes = new EventSource('/changes');
changes.onmessage = () => location.reload();
changes.onerror = () => {
  document.getElementById('state').textContent = 'The preview has ended, or is starting again.';
};
