package engine

import "github.com/guicheng/guicheng/engine/core"

// papers are the words on papers and in registers.
var papers = map[string]said{
	"paper.number":                    {"編號", "编号", "No."},
	"paper.edition":                   {"版次", "版次", "Edition"},
	"paper.issued":                    {"日期", "日期", "Date"},
	"paper.case":                      {"案件", "案件", "Case"},
	"paper.instead":                   {"取代", "取代", "Replaces"},
	"paper.superseded":                {"已作廢", "已作废", "No longer valid"},
	"paper.sign":                      {"簽名", "签名", "Signature"},
	"paper.date":                      {"日期", "日期", "Date"},
	"state." + string(core.Running):   {"辦理中", "办理中", "running"},
	"state." + string(core.Suspended): {"已掛起", "已挂起", "suspended"},
	"state." + string(core.Finished):  {"已辦結", "已办结", "finished"},
	"state." + string(core.Cancelled): {"已取消", "已取消", "cancelled"},
	"state." + string(core.Frozen):    {"已凍結", "已冻结", "frozen"},
}
