// Shows the answer to the form in its own page. Without this file the form leads to a page that says the same.
for (const form of document.querySelectorAll('form[data-subscribe]')) {
  const button = form.querySelector('button')
  const answer = document.createElement('div')
  answer.className = 'answer'
  answer.tabIndex = -1
  answer.setAttribute('role', 'status')
  form.append(answer)

  const show = (heading, text) => {
    answer.replaceChildren(
      ...[heading, text].map((words, at) => {
        const line = document.createElement(at === 0 ? 'strong' : 'p')
        line.textContent = words
        return line
      })
    )
    answer.focus()
  }

  const send = async () => {
    const response = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      headers: { accept: 'application/json' },
      credentials: 'omit',
      referrerPolicy: 'strict-origin-when-cross-origin',
    })
    const { heading, text } = await response.json()
    if (!heading) throw new Error('not our answer')
    show(heading, text)
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    button.disabled = true
    send()
      .catch(() => form.submit())
      .then(() => {
        button.disabled = false
      })
  })
}
