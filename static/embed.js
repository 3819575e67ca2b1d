// For a page that embeds figures: gives each frame the height that its figure needs.
//   <iframe src="https://…/embed/NAME?…" width="100%" height="600"></iframe>
//   <script src="https://…/static/embed.js"></script>

addEventListener('message', ({ source, data }) => {
  if (data?.type !== 'infodecomp:height' || !(data.height > 0 && data.height < 20000)) return
  for (const frame of document.querySelectorAll('iframe')) if (frame.contentWindow === source) frame.style.height = `${Math.ceil(data.height)}px`
})
