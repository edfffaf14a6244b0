import assert from 'node:assert/strict'
import { story, telephone } from './house.mjs'

story('a case that is not there says so, and gives a way on', async (house) => {
  const he = await house.person('he', telephone)
  await he.page.goto(new URL('/cases/nonsense', he.page.url()).href)
  await he.page.getByRole('heading', { level: 1, name: '找不到這個案件' }).waitFor()
  await he.looks('case-missing')
  await he.page.getByRole('main').getByRole('link', { name: '收件匣' }).click()
  await he.page.waitForURL((url) => url.pathname === '/')

  // The browser complains of the answer that was asked for here, and of nothing else.
  const said = he.complaints.splice(0)
  assert.equal(said.length, 2, said.join('\n'))
  assert.match(said.join('\n'), /404 GET \S+\/cases\/nonsense/)
  assert.match(said.join('\n'), /status of 404/)
})
