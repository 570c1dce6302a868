package coverage_test
import ("testing";"arpent/geo/coverage";"github.com/paulmach/orb")
func TestQuick(t *testing.T){
 c,f:=build(t,[]coverage.Feature{feature("a",square(0,0,10)),feature("b",square(10,0,10)),feature("c",rectangle(0,10,20,20))})
 t.Log(f, c.Shape("c"))
 ch,err:=c.Split([]coverage.ID{"a"},orb.LineString{{-1,5},{11,5}})
 t.Log(ch,err, ch.Area2())
 ch,err=c.Split(nil,orb.LineString{{-1,5},{21,5}})
 t.Log(ch,err, ch.Area2())
 for _,l:=range []orb.LineString{{{-1,5},{4,5}},{{-5,-5},{-1,5}},{{-1,-1},{0,0}},{{-1,0},{12,0}}, {{1,1},{4,4}}, {{1,1},{4,1},{4,4},{1,1}}}{
 ch,err=c.Split([]coverage.ID{"a"},l)
 t.Log(l,ch.After,err)
 }
 ch,err=c.SplitByAreas("c",[]float64{50,30},[2]orb.Point{{0,10},{0,20}})
 for i,s:=range ch.After {t.Log(i,s.Area())}
 t.Log(err)
}
