import assert from 'node:assert/strict'
import { desk, eventually, story, telephone } from './house.mjs'

story('a visitor is let in: the gate on a telephone, the front desk at a desk', async (house) => {
  const he = await house.person('he', telephone)
  const chen = await house.person('chen', desk)
  const huang = await house.person('huang', desk)
  await he.looks('inbox-empty')

  await he.starts('來訪人士接待', {
    來訪人士: { 類別: '個人', 姓名或單位名稱: '王小明' },
    受訪者: { 受訪者類別: '部門', 部門: '財務部' },
  })
  await he.standsAt('ask-department')
  await he.looks('case-begun')

  // Somebody who has nothing to do in it looks on: what others do comes by itself.
  const ma = await house.person('ma', telephone)
  await ma.page.goto(he.page.url())
  await ma.standsAt('ask-department')

  // The front desk sees it come, at two desks; when one has answered, it goes away at the other.
  await chen.row('詢問有關部門是否有約').waitFor()
  await huang.row('詢問有關部門是否有約').waitFor()
  await chen.row('詢問有關部門是否有約').getByText('分鐘後收回').waitFor() // a timeout takes it to others
  await chen.looks('inbox')
  await chen.opens('詢問有關部門是否有約')
  await chen.page.getByText('王小明').first().waitFor()
  await chen.page.getByText(/前未辦，轉「.+」/).waitFor()
  await eventually(async () => assert.match(await chen.page.title(), /^LF\d+-001 詢問有關部門是否有約 · 規程$/))
  await chen.looks('task')
  await chen.presses('有約')
  await ma.standsAt('admit')
  await ma.page.getByRole('list').getByText('陳美玲').first().waitFor() // the story
  await ma.looks('case-of-others')
  await huang.row('詢問有關部門是否有約').waitFor({ state: 'detached' })

  await he.inbox()
  await he.row('登記放行').waitFor()
  await he.looks('inbox')
  await he.opens('登記放行')
  await he.looks('task')
  // The time is there already: one press. The next task is his, and opens in its place; a second tap does not do it.
  await he.page.evaluate(() => new Promise((tapped) => {
    const button = () => document.querySelector('.answers .button.primary')
    button().click()
    const again = () => {
      if (!document.querySelector('h1')?.innerText.includes('登記離開') || !button()) return requestAnimationFrame(again)
      button().click()
      tapped()
    }
    again()
  }))
  await he.page.getByRole('heading', { level: 1, name: '登記離開' }).waitFor()
  await he.page.locator('.answers button:enabled').waitFor()
  await he.presses(/^完成/)

  await he.go('我的案件')
  await he.looks('cases')
  await he.page.getByRole('main').getByRole('link', { name: /LF\d+-001/ }).click()
  await he.page.getByText('已放行').first().waitFor()
  const told = he.page.getByRole('main')
  await told.getByText(/王小明/).first().waitFor()
  await he.looks('case')
  await told.getByText('受訪者類別').first().waitFor()
})

story('a task that somebody else has done while it was open says so', async (house) => {
  const he = await house.person('he', telephone)
  const chen = await house.person('chen', desk)
  const huang = await house.person('huang', telephone)
  await he.starts('來訪人士接待', { 來訪人士: { 類別: '個人', 姓名或單位名稱: '李先生' }, 受訪者: { 受訪者類別: '部門', 部門: '財務部' } })
  await huang.opens('詢問有關部門是否有約')
  await chen.opens('詢問有關部門是否有約')
  await chen.presses('無約')
  await huang.page.getByRole('alert').getByText(/陳美玲/).waitFor()
  await huang.looks('over')
  await huang.page.getByRole('button', { name: '有約' }).waitFor({ state: 'detached' })
  await huang.page.getByRole('alert').getByRole('link', { name: '收件匣' }).click()
  await huang.page.getByRole('heading', { level: 1, name: '收件匣' }).waitFor()

  // What the page asks anew is refused: it is not hers any more. She is told of nothing else.
  const said = huang.complaints.splice(0)
  const refused = /^(404|409) GET \S+\/(cases|tasks)\/[\w.]+(\/(comments|history)|$)|status of (404|409)/
  for (const one of said) assert.match(one, refused)
})
