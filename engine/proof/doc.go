// Package proof proves of each list of steps of a procedure, before it runs, that its cases can always come to an end
// and leave nothing behind; and shows the shortest way to where one could not.
//
// It follows all markings of a list by the machine of the core itself, so that threads meet in the proof exactly as
// they will in a case. Lists inside steps are proved alone; outside they come to any of the ends that they were proved
// to reach. Of the data it knows what the check found: by which ways together a step can be left.
package proof
