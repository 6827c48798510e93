// Command validators runs all of OperatorHub's validators over a bundle, and fails on any error and on any warning but
// one: that an image could not be looked at, which takes a registry that has it and a container engine that asks.
package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/operator-framework/api/pkg/manifests"
	"github.com/operator-framework/api/pkg/validation"
	"github.com/operator-framework/api/pkg/validation/errors"
)

const notInspected = "unable to inspect the image ("

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: validators BUNDLE-FOLDER")
		os.Exit(2)
	}
	bundle, err := manifests.GetBundleFromDir(os.Args[1])
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s is not a bundle: %v\n", os.Args[1], err)
		os.Exit(1)
	}
	refused, accepted := 0, 0
	for _, validator := range validation.AllValidators {
		results := validator.Validate(bundle.ObjectsToValidate()...)
		unreachable := unreachableImages(results)
		for _, result := range results {
			for _, finding := range result.Errors {
				report("error", finding)
				refused++
			}
			for _, finding := range result.Warnings {
				if namesOneOf(finding, unreachable) {
					report("accepted", finding)
					accepted++
				} else {
					report("warning", finding)
					refused++
				}
			}
		}
	}
	fmt.Printf("%s: %d validators, %d errors and warnings, %d warnings accepted for want of a registry\n",
		bundle.Name, len(validation.AllValidators), refused, accepted)
	if refused > 0 {
		os.Exit(1)
	}
}

// The images that the validator of architectures could not look at. What else it says of those is guesswork.
func unreachableImages(results []errors.ManifestResult) []string {
	var images []string
	for _, result := range results {
		for _, finding := range result.Warnings {
			if _, rest, found := strings.Cut(finding.Detail, notInspected); found {
				image, _, _ := strings.Cut(rest, ")")
				images = append(images, image)
			}
		}
	}
	return images
}

func namesOneOf(finding errors.Error, images []string) bool {
	for _, image := range images {
		if strings.Contains(finding.Detail, image) {
			return true
		}
	}
	return false
}

func report(kind string, finding errors.Error) {
	line, _, _ := strings.Cut(finding.Error(), "\n")
	fmt.Printf("%-8s %s\n", kind, strings.TrimSpace(line))
}
