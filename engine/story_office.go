package engine

import "github.com/guicheng/guicheng/engine/core"

// papers are the words on papers and in registers.
var papers = map[string]said{
	"state." + string(core.Running):   {"辦理中", "办理中", "running"},
	"state." + string(core.Suspended): {"已暫停", "已暂停", "suspended"},
	"state." + string(core.Finished):  {"已辦結", "已办结", "finished"},
	"state." + string(core.Cancelled): {"已取消", "已取消", "cancelled"},
	"state." + string(core.Frozen):    {"已凍結", "已冻结", "frozen"},
}
